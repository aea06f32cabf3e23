// Where the inner loops find what they work on.

/** The fields of ../layout.ts, at address 0; addresses and strides in bytes. */
@unmanaged
export class Layout {
  rows: i32;
  wideRows: i32;
  lines: i32;
  output: i32;
  stride: i32;
  outputStride: i32;
  targetWidth: i32;
  columnStarts: i32;
  columnWeights: i32;
  columnTaps: i32;
  rowStarts: i32;
  rowWeights: i32;
  rowTaps: i32;
  boxes: i32;
  boxLine: i32;
  boxStride: i32;
  boxWidth: i32;
  sourceWidth: i32;
}
