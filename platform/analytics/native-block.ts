/** Rows in ClickHouse's Native format, with what its head says: a statement has to repeat it. */
export interface NativeBlock {
  /** Names and types, in the order of the bytes. Columns that are not named take the table's defaults. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: number;
  readonly bytes: Uint8Array;
}
