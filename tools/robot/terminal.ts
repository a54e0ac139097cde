import { openPseudoTerminal, type PseudoTerminal, type SeenTerminal, watch } from "../pseudo-terminal/index.ts";
import { RobotFailure } from "./contract.ts";
import { program } from "./stage.ts";

export const columns = 80;
export const rows = 24;

export interface Seat {
  /** What `buildLine` gave. */
  readonly line: string;
  readonly state: string;
  /** How long anything may take to be seen. */
  readonly patienceMs: number;
  /** So long between two keys, that a person can follow. */
  readonly pauseMs: number;
  /** Sees what the console writes as well. */
  readonly onlooker?: (chunk: Uint8Array) => void;
}

export interface Opened {
  readonly terminal: PseudoTerminal;
  readonly seen: SeenTerminal;
}

export function openConsole(seat: Seat, options: readonly string[]): Opened {
  const terminal = openPseudoTerminal({
    line: seat.line,
    command: program,
    args: ["console", "--state", seat.state, "--language", "en", ...options],
    environment: { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8", NO_COLOR: "" },
    columns, rows,
  });
  const seen = watch(terminal, columns, rows);
  if (seat.onlooker !== undefined) terminal.onOutput(seat.onlooker);
  return { terminal, seen };
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Tries until it gives something, now and whenever a little time has passed. */
export async function until<T>(what: string, patienceMs: number, attempt: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const got = await attempt();
    if (got !== undefined) return got;
    if (performance.now() > endMs) throw new RobotFailure(`waited ${Math.round(patienceMs / 1000)} s for ${what}`);
    await pause(50);
  }
}
