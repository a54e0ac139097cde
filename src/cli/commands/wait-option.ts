import { durationMs } from "../reading/index.ts";
import type { Ask, Typed } from "./call.ts";
import type { OptionRecord } from "./command.ts";

export const waitOption: OptionRecord = { flags: "--wait DURATION", summary: "how long to wait for a person, such as 30m or 8h; 0: stop at once; forever" };

/** Where a person can be asked, somebody is there who can be waited for. */
export function waitMsOf(typed: Typed, { possible }: Ask): number {
  return durationMs(typed.option("--wait") ?? (possible ? "forever" : "0"), "--wait");
}
