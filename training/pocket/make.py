"""The whole recipe: each step that is not done yet, one after the other, with how long it all is still going to take.

    python3 make.py --work $T --photos PHOTOS --teacher TEACHER            # a weekend of two cores at most
    python3 make.py --work $T --photos PHOTOS --teacher TEACHER --only fetch catalogue
    python3 make.py --work $T --photos PHOTOS --teacher TEACHER --list

--photos is a folder with index.tsv, captions.tsv, SOURCES.md and tars, --teacher one with mobilenet_v2.onnx and
labels.txt. A step that is done leaves a mark in $T/done: take it away, and the step is made again. It may be stopped at
any time; when run again, long steps go on where they were.
"""

import argparse
import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass

from progress import minutes
from sources import HERE

ROOT = os.path.dirname(os.path.dirname(HERE))
PACK = os.path.join(ROOT, 'models', 'pocket')
# Composed pictures, by each of two processes, and such with a word pasted on a photograph or a drawing.
COMPOSED, PASTED = 9000, 8192


@dataclass
class Step:
    name: str
    minutes: float  # about how long it takes on two cores
    commands: list[list[str]]  # run side by side
    into: str | None = None  # where its output goes, instead of the screen


def python(script: str, *arguments: str) -> list[str]:
    return [sys.executable, os.path.join(HERE, script), *arguments]


def steps_of(work: str, photos: str, teacher: str, train_minutes: float, prior_minutes: float) -> list[Step]:
    at = lambda *path: os.path.join(work, *path)
    fetched, drawings, held, last, basis = at('fetched'), at('drawings'), at('held'), at('last'), at('basis.npz')
    run, pack, prior = at('run.pt'), at('pack'), at('prior')
    words = os.path.join(fetched, 'debian', 'usr', 'share', 'dict', 'american-english')
    in_prior = lambda script, *arguments: python(os.path.join('..', 'prior', script), *arguments)
    tsx = lambda *arguments: ['npx', 'tsx', *arguments]
    # Arguments that many steps share.
    seen, about = ['--photos', photos], ['--topics', os.path.join(HERE, 'topics.json')]
    trunk, network = ['--teacher', teacher], ['--teacher', os.path.join(teacher, 'mobilenet_v2.onnx')]
    trunks = [*trunk, '--basis', basis]
    streams = ['--pocket', os.path.join(last, 'image.onnx'), '--basis', basis, '--out', at('cache')]
    tried = ['--folder', drawings, *about, *seen]
    shown = [*tried, *trunk]
    kept = ['--cache', at('cache'), '--pack', last, *trunks]
    last_pack, probe = ['--pack', last], ['--probe', os.path.join(PACK, 'probe')]
    example = ['--picture', os.path.join(held, 'drawings.npy')]
    concepts = ['--catalogue', os.path.join(drawings, 'catalog.json')]
    from_run = ['--run', run, '--out', pack]
    train = ['--minutes', f'{train_minutes:g}', '--begin', at('begin.pt'), *seen, *about, '--out', run]
    prior_train = ['--minutes', f'{prior_minutes:g}', '--data', prior, '--run', at('prior.pt')]
    card = ['--last', at('last.json'), at('ideas-last.json'), '--this', at('this.json'), at('ideas.json')]
    return [
        Step('last', 0, [['cp', '-r', PACK, last]]),
        Step('fetch', 6, [python('fetch.py', '--out', fetched)]),
        Step('catalogue', 1, [python('catalogue.py', '--fetched', fetched, *about, '--out', drawings)]),
        Step('render', 6, [python('render.py', '--fetched', fetched, '--out', drawings)]),
        Step('basis', 1, [python('basis.py', *seen, *network, '--out', basis)]),
        Step('photographs', 15, [python('extract.py', 'photos', part, '2', *seen, *network, *streams) for part in '01']),
        Step('validation', 1, [python('extract.py', 'validation', '0', '1', *seen, *network, *streams)]),
        Step('compose', 15, [python('compose.py', part, str(COMPOSED), *shown, *streams) for part in '01']),
        Step('pasted', 10, [python('compose.py', part, str(PASTED), '--pasted', *shown, *streams) for part in '01']),
        Step('held', 1, [python('held.py', *shown, '--words', words, '--out', held)]),
        Step('held-shards', 2, [python('extract_held.py', '--held', held, *network, *streams)]),
        Step('begin', 2, [python('begin.py', *kept, '--out', at('begin.pt'))]),
        Step('train', train_minutes, [python('train.py', *kept, *train)]),
        Step('export', 1, [python('export.py', *from_run, *last_pack, *trunks)]),
        Step('pack', 1, [python('pack.py', *from_run, *last_pack, *seen, *trunk, *example)]),
        Step('names', 3, [python('names.py', *from_run, *kept, *about, *concepts)]),
        Step('pocket-pack', 3, [tsx('scripts/make-pocket-pack.ts', pack)]),
        Step('prior-drawings', 1, [in_prior('drawings.py', '--drawings', drawings, *about, '--out', prior)]),
        Step('prior', prior_minutes, [in_prior('train.py', *prior_train, '--out', os.path.join(PACK, 'prior.onnx'))]),
        Step('prior-error', 1, [tsx('training/prior/measure.ts', PACK)]),
        Step('evaluate-last', 3, [python('evaluate.py', last, *seen, '--held', held)], at('last.json')),
        Step('evaluate', 4, [python('evaluate.py', PACK, *seen, '--held', held)], at('this.json')),
        Step('ideas-last', 3, [python('ideas.py', last, *tried)], at('ideas-last.json')),
        Step('ideas', 4, [python('ideas.py', PACK, *tried)], at('ideas.json')),
        Step('card', 0, [python('card.py', os.path.join(PACK, 'MODEL_CARD.md'), *card)]),
        Step('credits', 0, [python('credits.py', '--fetched', fetched, *seen, '--drawings', drawings, *probe)]),
    ]


def make(step: Step) -> None:
    """Runs its commands side by side; output goes to a file that gets its name when all is well."""
    output = open(step.into + '.part', 'w') if step.into else None
    running = [subprocess.Popen(command, cwd=ROOT, stdout=output) for command in step.commands]
    try:
        codes = [process.wait() for process in running]
    except KeyboardInterrupt:
        for process in running:
            process.terminate()
        raise SystemExit(f'Stopped in step {step.name}: run it again to go on.')
    if any(codes):
        failed = next(command for command, code in zip(step.commands, codes) if code)
        raise SystemExit(f'Step {step.name} failed: {shlex.join(failed)}')
    if output:
        output.close()
        os.replace(step.into + '.part', step.into)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('work', 'photos', 'teacher'):
        parser.add_argument(f'--{name}', required=True, type=os.path.abspath)
    parser.add_argument('--train-minutes', type=float, default=60)
    parser.add_argument('--prior-minutes', type=float, default=44)
    parser.add_argument('--only', nargs='+', metavar='STEP', help='these steps and no others')
    parser.add_argument('--list', action='store_true', help='tell what is done and what is not, and stop')
    options = parser.parse_args()
    steps = steps_of(options.work, options.photos, options.teacher, options.train_minutes, options.prior_minutes)
    if unknown := set(options.only or []) - {step.name for step in steps}:
        parser.error(f"there is no step {', '.join(sorted(unknown))}; --list tells all")
    mark = lambda step: os.path.join(options.work, 'done', step.name)
    wanted = [step for step in steps if not options.only or step.name in options.only]
    if options.list:
        for step in wanted:
            told = 'done' if os.path.exists(mark(step)) else f'about {step.minutes:g} min'
            print(f'{step.name}: {told}\n    ' + '\n    '.join(map(shlex.join, step.commands)))
        return
    os.makedirs(os.path.join(options.work, 'done'), exist_ok=True)
    for number, step in enumerate(wanted):
        if os.path.exists(mark(step)):
            print(f'{step.name}: is there')
            continue
        left = sum(one.minutes for one in wanted[number:] if not os.path.exists(mark(one)))
        print(f'== {step.name}, about {step.minutes:g} min; {minutes(left * 60)} left in all', flush=True)
        began = time.time()
        make(step)
        open(mark(step), 'w').close()
        print(f'== {step.name} took {minutes(time.time() - began)}', flush=True)


if __name__ == '__main__':
    main()
