/** How often the page asks, while it is seen. Milliseconds. */
export const every = { every: 10_000 } as const;

/** For what changes rarely, or costs more to find out. */
export const seldom = { every: 30_000 } as const;

/** Names of routes by their ids. */
export interface Paths {
  readonly pathOf: (route: string) => string;
}
