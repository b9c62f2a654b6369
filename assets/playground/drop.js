/** Accepts a picture that is dropped anywhere on the page. */
import { find } from './dom.js'

/** @param {DragEvent} event */
const holdsFiles = ({ dataTransfer }) => dataTransfer?.types.includes('Files') ?? false

/** @param {(files: File[]) => void} take */
export function takeDrops(take) {
  const veil = find('.drop-veil', HTMLElement)
  let inside = 0
  const leave = () => {
    inside = 0
    veil.hidden = true
  }
  addEventListener('dragenter', (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    inside += 1
    veil.hidden = false
  })
  addEventListener('dragleave', (event) => {
    if (holdsFiles(event) && (inside -= 1) <= 0) leave()
  })
  addEventListener('dragover', (event) => holdsFiles(event) && event.preventDefault())
  addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    leave()
    take([...(event.dataTransfer?.files ?? [])])
  })
}
