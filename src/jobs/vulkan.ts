import { readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where Vulkan's loader looks, besides the folders in the environment. */
const usual = ['/etc', '/usr/share', '/usr/local/share', '/run/opengl-driver/share']
const named = ['VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES', 'VK_ICD_FILENAMES']
const searched = ['XDG_CONFIG_HOME', 'XDG_CONFIG_DIRS', 'XDG_DATA_HOME', 'XDG_DATA_DIRS']

/**
 * Whether WebGPU could find a driver at all. If there is none on Linux, its library prints warnings to the terminal, which
 * no setting can suppress.
 * @see https://github.com/KhronosGroup/Vulkan-Loader/blob/main/docs/LoaderDriverInterface.md
 */
export function hasVulkanDriver(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): boolean {
  if (platform !== 'linux' || named.some((name) => environment[name])) return true
  const home = environment['HOME']
    ? [join(environment['HOME'], '.local/share'), join(environment['HOME'], '.config')]
    : []
  const listed = searched.flatMap((name) => environment[name]?.split(delimiter) ?? [])
  return [...usual, ...home, ...listed].some((folder) => hasFiles(join(folder, 'vulkan/icd.d')))
}

function hasFiles(folder: string): boolean {
  try {
    return readdirSync(folder).some((file) => file.endsWith('.json'))
  } catch {
    // Most of these folders exist nowhere.
    return false
  }
}
