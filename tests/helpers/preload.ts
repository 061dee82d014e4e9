import { plugin } from "bun";

/**
 * A test starts whole processes, on machines that may be busy. The runtime's own setting holds for the first file only
 * (`setDefaultTimeout` in a preload), or not at all (bunfig.toml): so each file says it for itself.
 */
const limit = 'import { setDefaultTimeout as limitTests } from "bun:test"; limitTests(30_000);';

plugin({
  name: "time limit of tests",
  setup: (build) => {
    build.onLoad({ filter: /\.test\.ts$/ }, async ({ path }) => ({
      contents: `${limit} ${await Bun.file(path).text()}`,
      loader: "ts",
    }));
  },
});
