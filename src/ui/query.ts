export type QueryValue = string | number | boolean | null | undefined;

/** Parameters of a request. Members that are null, undefined or empty are left out. */
export type Query = Readonly<Record<string, QueryValue | readonly string[]>>;
