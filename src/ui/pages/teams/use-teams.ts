import useSWR from "swr";
import { type ApiError, api, apiUrl } from "../../api.ts";
import type { TeamReply } from "../../replies.ts";

export const teamsPerPage = 100;

export interface TeamsPageReply {
  readonly teams: readonly TeamReply[];
  readonly total: number;
}

export interface TeamsState {
  readonly data: TeamsPageReply | undefined;
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
  readonly reload: () => Promise<void>;
}

/** A page of teams; how many there are stands in a header. */
export function useTeams(page: number): TeamsState {
  const query = { page, size: teamsPerPage };
  const { data, error, isLoading, mutate } = useSWR<TeamsPageReply, ApiError>(
    apiUrl("/team/list", query),
    async () => {
      const reply = await api.raw("/team/list", { query });
      const teams: readonly TeamReply[] = await reply.json();
      return { teams, total: Number(reply.headers.get("x-total-count") ?? teams.length) };
    },
    { keepPreviousData: true, refreshInterval: 30_000, shouldRetryOnError: false },
  );
  return { data, error, isLoading, reload: async () => void (await mutate()) };
}
