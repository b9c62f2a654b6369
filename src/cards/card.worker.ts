import { answer } from '../threads/answer.ts'
import { drawings, type DrawingData, type DrawingName } from './index.ts'

/** Runs on a thread of the pool in draw.ts. */
export const draw = (job: { name: DrawingName; data: DrawingData<DrawingName> }) =>
  answer((): unknown => (drawings[job.name] as (data: typeof job.data) => unknown)(job.data))
