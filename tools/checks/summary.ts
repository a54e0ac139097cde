/** What a run of tests came to; written by the reporter, read by the runner. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

/** The environment variable that names the file to which the reporter writes its Summary. */
export const summaryVariable = "STRONGROOM_TEST_SUMMARY";
