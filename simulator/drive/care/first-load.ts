import { awaitsMeasuring, type Cartridge } from "../../home/index.ts";

const minuteMs = 60_000;
/** Makers say 40 minutes on average and two hours at most. How long one takes is estimated, and the same at every try. */
const shortestMs = 20 * minuteMs;
const spreadMs = 40 * minuteMs;

/** How long a drive measures that cartridge before anything can be done with it: zero where that was done, or never is. */
export function firstLoadMs({ facts, memory }: Cartridge): number {
  return awaitsMeasuring(facts, memory()) ? shortestMs + (checksum(facts.serial) / 256) * spreadMs : 0;
}

function checksum(serial: string): number {
  return [...Buffer.from(serial, "latin1")].reduce((sum, byte) => (sum * 31 + byte) % 256, 7);
}
