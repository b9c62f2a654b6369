import { drawings, type Drawing, type DrawingData, type DrawingName } from './index.ts'

export interface DrawingTask<Name extends DrawingName = DrawingName> {
  readonly name: Name
  readonly data: DrawingData<Name>
}

/** Runs on a thread of the pool in draw.ts. */
export default async function draw<Name extends DrawingName>({
  name,
  data,
}: DrawingTask<Name>): Promise<Drawing<Name>> {
  const drawing = drawings[name] as (data: DrawingData<Name>) => Drawing<Name> | Promise<Drawing<Name>>
  return drawing(data)
}
