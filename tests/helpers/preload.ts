import { setDefaultTimeout } from "bun:test";

// A test starts whole processes, on machines that may be busy.
setDefaultTimeout(30_000);
