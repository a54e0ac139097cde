import { printable } from "../../words/index.ts";
import { deviceColumns, deviceDocument, table } from "../views/index.ts";
import type { Command } from "./command.ts";

const list: Command = {
  noun: "device",
  verb: "list",
  summary: "list the tape drives, changers, optical drives and disks of this machine, and who holds them",
  details: "As the kernel knows them: no device is opened. The name in the first column lasts, and is what other commands take.",
  examples: [{ line: "strongroom device list", what: "what could be added with library add --changer" }],
  async run({ answer, operations, units }) {
    const devices = await (await operations()).device.list();
    answer.document({ devices: devices.map(deviceDocument) }, () => { answer.table(table(deviceColumns, devices, units)); });
    const changer = devices.find(({ kind }) => kind === "changer");
    if (changer !== undefined) answer.next(`strongroom library add NAME --changer ${printable(changer.reference)}`);
  },
};

export const deviceCommands: readonly Command[] = [list];
