"""Fetches the icon sets, clip-art, fonts and word lists of sources.json, and prints their terms.

    python3 fetch.py --out $T/fetched

npm packages come from the registry that npm is set up for, in the versions of sources.json; Debian's come from the
sources that apt is set up for, as they are there, and are unpacked, not installed. What is there is not fetched again.
The photographs are not fetched: the folder with them is given to the steps that read them.
"""

import argparse
import glob
import json
import os
import subprocess

from credits import debian_terms, npm_terms
from progress import progress
from sources import debian_packages, npm_packages, read_sources

def fetch_npm(packages: dict[str, str], folder: str) -> None:
    """Into folder/node_modules, in one install, which npm goes on with if it was stopped."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'package.json'), 'w') as file:
        json.dump({'private': True, 'dependencies': packages}, file, indent=1)
    print(f'npm: {len(packages)} packages, a minute or two', flush=True)
    command = ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    subprocess.run(command, cwd=folder, check=True)


def fetch_debian(packages: list[str], folder: str) -> list[str]:
    """Into folder/debian; returns those that apt does not have."""
    debs, missing = os.path.join(folder, 'debs'), []
    os.makedirs(debs, exist_ok=True)
    for name in progress(packages, 'Debian packages'):
        if glob.glob(os.path.join(debs, f'{name}_*.deb')):
            continue
        command = ['apt-get', '-o', 'APT::Sandbox::User=root', 'download', '-qq', name]
        if subprocess.run(command, cwd=debs, stderr=subprocess.DEVNULL).returncode:
            missing.append(name)
            continue
        deb = glob.glob(os.path.join(debs, f'{name}_*.deb'))[0]
        subprocess.run(['dpkg-deb', '-x', deb, os.path.join(folder, 'debian')], check=True)
    return missing


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('--out', required=True)
    options = parser.parse_args()
    sources = read_sources()
    fetch_npm(npm_packages(sources), options.out)
    missing = fetch_debian(debian_packages(sources), options.out)
    for terms in (*npm_terms(sources, options.out), *debian_terms(sources, options.out)):
        print(f'{terms.name} {terms.version}: {terms.licence}')
    if missing:
        print('apt does not have (go on without, or run apt-get update first): ' + ', '.join(missing))
    # Its being there says that this step is done.
    with open(os.path.join(options.out, 'missing.json'), 'w') as file:
        json.dump(missing, file)


if __name__ == '__main__':
    main()
