import type { SgAnswer, SgError } from "node-sg-ioctl";
import { describe, expect, it } from "vitest";
import { outcomeOf, outcomeOfError } from "../../../src/transports/sgio/outcomes.ts";

const answer: SgAnswer = { status: 0, hostStatus: 0, driverStatus: 0, sense: new Uint8Array(0), residualBytes: 0, direct: false, durationMs: 5 };
const sense = Uint8Array.of(0x70, 0, 6);

/** The outcome in a word: `status 2`, `timeout`, `lost`, `refused`. */
function word(change: Partial<SgAnswer>): string {
  const outcome = outcomeOf({ ...answer, ...change }, 512, 1000);
  return outcome.kind === "completion" ? `status ${String(outcome.completion.status)}` : outcome.kind;
}

describe("what the kernel's answer means", () => {
  it("a status is an answer", () => {
    for (const status of [0x00, 0x04, 0x08, 0x18, 0x28, 0x30, 0x40]) expect(word({ status })).toBe(`status ${String(status)}`);
    expect(outcomeOf({ ...answer, status: 2, driverStatus: 8, sense, residualBytes: 500 }, 512, 1000)).toEqual({
      kind: "completion",
      completion: { status: 2, sense, transferredBytes: 12 },
    });
  });

  it("sense data belongs to CHECK CONDITION", () => {
    expect(outcomeOf({ ...answer, sense }, 0, 1000)).toMatchObject({ completion: { status: 0, sense: new Uint8Array(0) } });
  });

  it.each([[-1, 512], [0, 512], [512, 0], [513, 0], [12, 500]])("a residual of %i leaves %i of 512 bytes", (residualBytes, transferredBytes) => {
    expect(outcomeOf({ ...answer, residualBytes }, 512, 1000)).toMatchObject({ completion: { transferredBytes } });
  });

  it("host adapter status: answered, not begun, timed out; all else is lost", () => {
    const words = Array.from({ length: 0x16 }, (_, hostStatus) => word({ hostStatus }));
    expect(words).toEqual([
      "status 0", "lost", "status 8", "timeout", "lost", "lost", "lost", "lost", "lost", "lost", "status 0", "lost", "lost", "lost", "lost", "lost",
      "status 0", "status 0", "status 0", "status 0", "lost", "lost",
    ]);
    expect(word({ hostStatus: 0x11, status: 0x18 })).toBe("status 24");
  });

  it("a time-out has three names", () => {
    expect(word({ driverStatus: 0x06 })).toBe("timeout");
    expect(word({ driverStatus: 0x26, status: 2 })).toBe("timeout");
    expect(word({ hostStatus: 5, durationMs: 1000 })).toBe("timeout");
    expect(word({ hostStatus: 5, durationMs: 999 })).toBe("lost");
  });

  it("an adapter's error beside what the device said is what the device said", () => {
    expect(word({ hostStatus: 7, status: 2, sense })).toBe("status 2");
    expect(word({ hostStatus: 7, status: 2 })).toBe("lost");
    expect(word({ hostStatus: 8, status: 2, sense })).toBe("lost");
  });
});

describe("what it means that the ioctl failed", () => {
  const kinds: Readonly<Record<string, string>> = {
    EAGAIN: "completion", EDOM: "completion", ENODEV: "lost", ENXIO: "lost", ENOMEM: "refused", EINVAL: "refused", EPERM: "refused",
    EACCES: "refused", ENOSYS: "refused", SG_QUEUE_FULL: "refused", EINTR: "lost", EIO: "lost", EFAULT: "lost", ESOMETHING: "lost",
  };
  it.each(Object.entries(kinds))("%s: %s", (code, kind) => {
    expect(outcomeOfError({ name: "Error", message: "", code, path: "/dev/sg3" } satisfies SgError).kind).toBe(kind);
  });
});
