import { defineConfig } from "vitest/config";

/** For the guest alone: everything there is emulated, and takes its time. */
export default defineConfig({
  cacheDir: "/tmp/vitest",
  test: {
    include: ["test/kernel-guest/*.suite.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 20_000,
  },
});
