import type { ElementReference } from "../../devices/changer/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";

/** `slot:3`, `drive:0`, `mail:1`, and `transport:0`: a gripper, in which trouble leaves cartridges. */
export function elementReference(typed: string): ElementReference {
  const match = /^(slot|drive|mail|transport):(\d{1,5})$/.exec(typed);
  if (!match) {
    throw new StrongroomError("usage", "ELEMENT_INVALID", `${printable(typed)} is not a place in a library`, {
      hint: "write slot:3, drive:0 or mail:1, as strongroom library show prints them",
    });
  }
  return { kind: match[1] === "mail" ? "mail-slot" : (match[1] as "slot" | "drive" | "transport"), number: Number(match[2]) };
}
