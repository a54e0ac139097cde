import type { OptionRecord } from "../commands/index.ts";

/** Options that every command takes, before or after its noun and verb. */
export const globalOptions: readonly OptionRecord[] = [
  { flags: "--state DIR", summary: "state folder of the appliance", otherwise: "STRONGROOM_STATE, or the system's place" },
  { flags: "--json", summary: "print JSON for programs" },
  { flags: "--bytes", summary: "print exact bytes instead of KiB, MiB, GiB" },
  { flags: "--quiet", summary: "no progress, no advice" },
  { flags: "--no-input", summary: "never ask; fail and name the option that is missing" },
  { flags: "--color WHEN", summary: "when to use colour", choices: ["auto", "always", "never"] },
];
