import type { LogParameter } from "../../unit/index.ts";
import { flagCount } from "../alerts/index.ts";
import type { Drive } from "../model.ts";

/** Page 12, TapeAlert Response (SSC-5, 8.2.4): flag 1 is the highest bit. Reading it ends no flag. */
export function alertResponse({ alerts, caller }: Drive): readonly LogParameter[] {
  const bytes = new Array<number>(flagCount / 8).fill(0);
  for (const flag of alerts.active()) bytes[(flag - 1) >> 3]! |= 0x80 >> ((flag - 1) & 7);
  alerts.show(caller);
  return [{ code: 0, value: bytes }];
}

/** Page 2E (SSC-5, 8.2.3): whoever reads it is told each flag once. */
export function alertFlagsOnce({ alerts, caller }: Drive): readonly LogParameter[] {
  const untold = new Set(alerts.untold(caller));
  alerts.tell(caller);
  return Array.from({ length: flagCount }, (_, at) => ({ code: at + 1, value: [untold.has(at + 1) ? 1 : 0] }));
}
