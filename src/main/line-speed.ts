import { spawn } from "node:child_process";

/** What the kernel tells of every pseudo-terminal, which says nothing of the line behind it; and nobody waits for a faster one. */
const fastBaud = 38_400;
const mostMs = 2000;

/** What the serial line at standard input carries, with a start and a stop bit for each byte; undefined where the terminal is at none, or at a fast one. */
export async function lineBytesPerSecond(): Promise<number | undefined> {
  const told = await new Promise<string>((resolve) => {
    const child = spawn("stty", ["speed"], { stdio: ["inherit", "pipe", "ignore"], timeout: mostMs });
    let text = "";
    child.stdout.setEncoding("latin1").on("data", (part: string) => { text += part; });
    child.on("error", () => { resolve(""); });
    child.on("close", () => { resolve(text); });
  });
  return bytesPerSecondOf(told);
}

export function bytesPerSecondOf(told: string): number | undefined {
  const baud = /^[1-9][0-9]{1,6}$/.test(told.trim()) ? Number(told) : undefined;
  return baud === undefined || baud >= fastBaud ? undefined : baud / 10;
}
