import { canBeLive, type LogQuery } from "./query.ts";

export interface LiveSwitchProps {
  readonly query: LogQuery;
  readonly onQuery: (next: LogQuery) => void;
}

/** Turns the live tail on and off: it is the newest calls by time, so whatever is in its way goes. */
export function LiveSwitch({ query, onQuery }: LiveSwitchProps) {
  const start = () => {
    const newest = {
      ...query,
      sortBy: "startTime",
      descending: true,
      page: 1,
      live: true,
    } as const;
    onQuery(canBeLive(newest) ? newest : { ...newest, end: null });
  };
  return (
    <button
      type="button"
      role="switch"
      aria-checked={query.live}
      className="button button-plain logs-switch"
      onClick={() => (query.live ? onQuery({ ...query, live: false }) : start())}
    >
      <span className="logs-switch-track" aria-hidden="true" />
      Live
    </button>
  );
}
