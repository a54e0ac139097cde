import { describe, expect, it } from "vitest";
import { bytesPerSecondOf } from "../../src/main/line-speed.ts";

describe("the speed of the line to a terminal", () => {
  it.each([["9600\n", 960], ["1200\n", 120], ["19200\n", 1920], ["110\n", 11]] as const)("%j is told of a serial line", (told, bytesPerSecond) => {
    expect(bytesPerSecondOf(told)).toBe(bytesPerSecond);
  });

  it.each(["38400\n", "115200\n", "0\n", "", "stty: standard input: not a terminal", "-9600", "9600 baud", "99999999999"])("%j is no reason to wait", (told) => {
    expect(bytesPerSecondOf(told)).toBeUndefined();
  });
});
