import { Counter, Gauge, type Registry } from "prom-client";
import { watchLoopLag } from "./loop-lag.ts";

/** What a scrape tells of the process; asked each time. */
export interface ProcessState {
  readonly inFlight: () => number;
  /** Of the journal, by the last look. */
  readonly journalBytes: () => number;
  readonly bodyQueueBytes: () => number;
  readonly dropped: () => number;
  readonly droppedRows: () => number;
  readonly droppedBodies: () => number;
  readonly uncaught: () => number;
  readonly version: string;
}

/** The process, its queues, and what was lost. */
export function addProcessMetrics(registry: Registry, state: ProcessState): void {
  const gauge = (name: string, help: string, value: () => number) => {
    const made: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => made.set(value()),
    });
  };
  const counter = (name: string, help: string, value: () => number) => {
    const made: Counter = new Counter({
      name: `${name}_total`,
      help,
      registers: [registry],
      collect: () => {
        made.reset();
        made.inc(value());
      },
    });
  };
  gauge("tollgate_requests_in_flight", "Calls under way.", state.inFlight);
  gauge("tollgate_journal_bytes", "The journal, folded or not.", state.journalBytes);
  gauge("tollgate_body_log_queue_bytes", "Bodies not written yet.", state.bodyQueueBytes);
  counter("tollgate_log_lines_dropped", "Lines of the program's log.", state.dropped);
  counter("tollgate_ledger_rows_dropped", "Rows of the ledger.", state.droppedRows);
  counter("tollgate_body_log_dropped", "Calls whose bodies were not kept.", state.droppedBodies);
  counter("tollgate_uncaught_errors", "Errors that nobody handled.", state.uncaught);
  gauge("process_resident_memory_bytes", "Resident memory.", () => process.memoryUsage.rss());
  const startedAt = Date.now() / 1000 - process.uptime(); // once: clocks differ a little each time
  gauge("process_start_time_seconds", "Since 1970.", () => startedAt);
  counter("process_cpu_seconds", "Processor time, user's and system's.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  addLag(registry);
  new Gauge({
    name: "tollgate_build_info",
    help: "The version that runs.",
    labelNames: ["version"],
    registers: [registry],
  }).set({ version: state.version }, 1);
}

/** Watched from the first scrape on: nobody else needs it. */
function addLag(registry: Registry): void {
  const lag = watchLoopLag();
  const gauge: Gauge = new Gauge({
    name: "tollgate_event_loop_lag_seconds",
    help: "How late the event loop was since the last scrape.",
    labelNames: ["of"],
    registers: [registry],
    collect: () => {
      const { max, p99, mean } = lag.take();
      gauge.set({ of: "max" }, max);
      gauge.set({ of: "p99" }, p99);
      gauge.set({ of: "mean" }, mean);
    },
  });
}
