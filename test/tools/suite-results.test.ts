import { describe, expect, it } from "vitest";
import { parseResult } from "../../tools/suites/suite.ts";

const output = `
Suite: First
  Test: Plain ...passed
  Test: Talks ...    Take out a RESERVE6 from the first initiator
    [FAILED] a message that the test expected
passed
  Test: Missing ...    [SKIPPED] RESERVE6 is not implemented.
    [SKIPPED] again
passed
  Test: Last ...passed    [SKIPPED] noise of the tear-down

Suite: Second
  Test: Broken ...    [FAILED] wrong answer
FAILED
    1. test_broken.c:96  - CU_ASSERT_EQUAL(a,b)
  Test: Quiet ...FAILED

Run Summary:    Type  Total    Ran Passed Failed Inactive
`;

describe("what iscsi-test-cu says", () => {
  it("is counted by suite, and a skipped test counts as skipped although it says that it passed", () => {
    const { rows, skipped, failed, isWhole } = parseResult(output);
    expect([...rows]).toEqual([["First", { passed: 3, skipped: 1, failed: 0 }], ["Second", { passed: 0, skipped: 0, failed: 2 }]]);
    expect([...skipped]).toEqual([["First.Missing", "RESERVE6 is not implemented."]]);
    expect(failed).toEqual(["Second.Broken", "Second.Quiet"]);
    expect(isWhole).toBe(true);
  });

  it("is not whole without its summary", () => {
    expect(parseResult(output.split("Run Summary")[0]!).isWhole).toBe(false);
  });
});
