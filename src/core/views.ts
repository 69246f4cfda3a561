/** Views of the history that one person kept under a name: the filters as they stand in an address. Pure data. */

export interface SavedView {
  readonly id: string;
  readonly name: string;
  /** The query of the address, without `?`; '' is the history without filters. */
  readonly query: string;
}

/** What is done about views; no line tells of it. */
export type ViewCommand =
  /** Keeps a view for one person of a client; one of the same name is replaced. */
  | {
      readonly do: 'view-save';
      readonly client: string;
      readonly controller: string;
      readonly view: SavedView;
    }
  | {
      readonly do: 'view-drop';
      readonly client: string;
      readonly controller: string;
      readonly id: string;
    };

/** How many one person keeps, and how long a name may be, in characters. */
export const mostViews = 20;
export const longestViewName = 60;
