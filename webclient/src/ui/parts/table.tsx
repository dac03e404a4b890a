import type { ComponentChildren } from 'preact';

export interface Column<R> {
  readonly key: string;
  readonly heading: string;
  cell(row: R): ComponentChildren;
  /** The cell that names the row: its heading for screen readers, and the card's on a phone. */
  readonly main?: boolean;
  /** No heading on a phone: the cell says by itself what it is. */
  readonly bare?: boolean;
  /** The heading is for screen readers only: a column of buttons. */
  readonly silent?: boolean;
}

interface TableProps<R> {
  /** What the table is of; said to screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  keyOf(row: R): string;
  /** A class for a row, for what is special about it; say it in words too. */
  classOf?(row: R): string;
}

/**
 * Rows in columns, and on a phone one card a row, each value under its column's name. The roles are written out because browsers forget
 * what a table is as soon as it is drawn as anything else.
 */
export function Table<R>({ caption, columns, rows, keyOf, classOf }: TableProps<R>) {
  return (
    <table class="table" role="table">
      <caption class="hidden-text">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(column => (
            <th key={column.key} role="columnheader" scope="col">
              {column.silent ? <span class="hidden-text">{column.heading}</span> : column.heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map(row => (
          <tr key={keyOf(row)} role="row" class={classOf?.(row)}>
            {columns.map(column => {
              const content = column.cell(row);
              const label = column.main || column.bare || column.silent ? undefined : column.heading;
              return column.main ? (
                <th key={column.key} role="rowheader" scope="row" class="main">
                  {content}
                </th>
              ) : (
                <td key={column.key} role="cell" data-heading={label}>
                  {content}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
