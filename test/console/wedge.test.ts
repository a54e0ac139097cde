import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WedgeFilter, wedgeLimits } from "../../src/console/input/index.ts";

/** Feeds characters with the pause before each, and tells what came out, with everything flushed at the end. */
function filtered(typed: readonly (readonly [text: string, pauseMs: number])[]): string[] {
  const filter = new WedgeFilter();
  const out: string[] = [];
  let nowMs = 0;
  const take = (parts: ReturnType<WedgeFilter["feed"]>): void => { for (const part of parts) out.push(part.kind === "scan" ? `scan ${part.code}` : part.bytes); };
  for (const [text, pauseMs] of typed) {
    nowMs += pauseMs;
    take(filter.flush(nowMs));
    take(filter.feed(text, nowMs));
  }
  take(filter.flush(nowMs + wedgeLimits.gapMs));
  expect(filter.deadlineMs).toBeUndefined();
  return out;
}

const slowly = (text: string): readonly (readonly [string, number])[] => Array.from(text).map((character) => [character, 80] as const);
const quickly = (text: string): readonly (readonly [string, number])[] => Array.from(text).map((character) => [character, 3] as const);

describe("what comes from the keyboard", () => {
  it("is a scan when it comes faster than fingers and ends in Enter", () => {
    expect(filtered(quickly("SR0001L8\r"))).toEqual(["scan SR0001L8"]);
    expect(filtered([["SR0001L8\r", 500]])).toEqual(["scan SR0001L8"]);
  });

  it("is typing when it does not", () => {
    expect(filtered(slowly("SR0001L8\r")).join("")).toBe("SR0001L8\r");
    expect(filtered(quickly("jk\r")).join("")).toBe("jk\r");
  });

  it("is a scan between STX and ETX at any speed within the frame's gap, and nothing when the frame is never ended", () => {
    expect(filtered(quickly("\x02A1\x03"))).toEqual(["scan A1"]);
    expect(filtered([["\x02SR00", 5], ["j", 500]])).toEqual(["j"]);
  });

  it("lets escape sequences through whole, at once", () => {
    const filter = new WedgeFilter();
    expect(filter.feed("\x1b[B", 100)).toEqual([{ kind: "bytes", bytes: "\x1b[B" }]);
    expect(filter.feed("\x1bOP", 200)).toEqual([{ kind: "bytes", bytes: "\x1bOP" }]);
    expect(filter.deadlineMs).toBeUndefined();
  });

  it("keeps two scans apart, and typing before them", () => {
    expect(filtered([...slowly("j"), ["SR0001L8\rSR0002L8\r", 90]])).toEqual(["j", "scan SR0001L8", "scan SR0002L8"]);
  });

  it("loses nothing and invents nothing, whatever comes", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "B", "1", "\r", "\x1b", "[", "~", " ", "é", "\t"), maxLength: 40 });
    fc.assert(fc.property(fc.array(fc.tuple(text, fc.nat(90))), (typed) => {
      const out = filtered(typed).map((part) => (part.startsWith("scan ") ? `${part.slice(5)}\r` : part)).join("");
      expect(out).toBe(typed.map(([part]) => part).join(""));
    }));
  });
});
