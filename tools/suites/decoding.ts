import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeSense, type LibraryPort, type Nexus, senses } from "../../simulator/index.ts";

/** What a decoder that is not ours made of one page. */
export interface Decoding {
  readonly page: string;
  /** Undefined: it agrees. */
  readonly complaint: string | undefined;
}

const nexus: Nexus = { name: "decoders", transportId: new Uint8Array(24) };
/** What decoders say of what they do not like, and what they fall back to. */
const dislikes = /malformed|truncated|too short|unable|illegal|unexpected|unknown page/i;
const roomBytes = 8192;

/** Lets sg3-utils read every page of vital product data and log page, the attributes of a cartridge, and all senses in both formats. */
export async function decodeEverything(port: LibraryPort, tapeLun: number, folder: string): Promise<readonly Decoding[]> {
  const ask = await asker(port);
  const decodings: Decoding[] = [];
  try {
    for (const lun of port.units()) decodings.push(...(await decodeUnit(ask, lun, folder)));
    const attributes = await ask(tapeLun, [0x8c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0]);
    decodings.push(decode(`unit ${String(tapeLun)}: attributes`, "sg_read_attr", ["--in=FILE"], attributes, folder));
  } finally {
    await port.disconnect(nexus);
  }
  return [...decodings, ...decodeSenses()];
}

type Ask = (lun: number, cdb: readonly number[]) => Promise<Uint8Array>;

async function asker(port: LibraryPort): Promise<Ask> {
  port.connect(nexus);
  const ask: Ask = async (lun, cdb) => {
    const dataIn = new Uint8Array(roomBytes);
    // Whatever is to be told first is heard: a few attentions at most.
    for (let tries = 0; tries < 10; tries += 1) {
      const delivery = await port.deliver(lun, nexus, { cdb: Uint8Array.from(cdb), dataIn, timeoutMs: 10_000 });
      if (delivery.kind !== "completion") break;
      if (delivery.completion.status === 0) return dataIn.subarray(0, delivery.completion.transferredBytes);
    }
    throw new Error(`unit ${String(lun)} does not answer ${Buffer.from(cdb).toString("hex")}`);
  };
  return Promise.resolve(ask);
}

async function decodeUnit(ask: Ask, lun: number, folder: string): Promise<readonly Decoding[]> {
  const named = (what: string): string => `unit ${String(lun)}: ${what}`;
  const standard = await ask(lun, [0x12, 0, 0, 0, 255, 0]);
  const decodings = [decode(named("INQUIRY"), "sg_inq", ["--inhex=FILE"], standard, folder)];
  const pages = await ask(lun, [0x12, 1, 0, 0, 255, 0]);
  for (const page of pages.subarray(4)) {
    const data = await ask(lun, [0x12, 1, page, 0x10, 0, 0]);
    decodings.push(decode(named(`VPD ${hex(page)}`), "sg_vpd", ["--inhex=FILE"], data, folder));
  }
  const logs = await ask(lun, [0x4d, 0, 0x40, 0, 0, 0, 0, 0x10, 0, 0]);
  for (const page of logs.subarray(4)) {
    const data = await ask(lun, [0x4d, 0, 0x40 | page, 0, 0, 0, 0, 0x20, 0, 0]);
    // sg_logs knows the alerts of tape drives alone, which changers have in the same page.
    const deviceType = page === 0x2e ? 0x01 : standard[0]! & 0x1f;
    decodings.push(decode(named(`log ${hex(page)}`), "sg_logs", [`--pdt=${String(deviceType)}`, "--in=FILE"], data, folder));
  }
  return decodings;
}

function decode(page: string, program: string, args: readonly string[], data: Uint8Array, folder: string): Decoding {
  const file = join(folder, "page.hex");
  writeFileSync(file, [...data].map(hex).join(" "));
  const { status, stdout, stderr } = spawnSync(program, args.map((each) => each.replace("FILE", file)), { encoding: "utf8" });
  const said = dislikes.exec(stdout + stderr)?.[0];
  if (status !== 0) return { page, complaint: `${program} ended with ${String(status)}: ${stderr.trim()}` };
  if (stdout.trim() === "") return { page, complaint: `${program} had nothing to say` };
  return { page, complaint: said === undefined ? undefined : `${program} says "${said}" in: ${(stdout + stderr).trim().split("\n").find((line) => line.includes(said)) ?? ""}` };
}

/** Key and code are in the words of the decoder; both formats must come out alike. */
function decodeSenses(): readonly Decoding[] {
  return Object.entries(senses).map(([name, sense]) => {
    const [fixed, descriptor] = [false, true].map((format) => {
      const bytes = [...encodeSense(sense, format)].map(hex);
      return spawnSync("sg_decode_sense", bytes, { encoding: "utf8" }).stdout.replace(/^.*?sense key:/is, "sense key:").split("\n").slice(0, 2).join(" ").trim();
    });
    const isKnown = fixed !== undefined && fixed !== "" && !/ASC=|vendor specific/i.test(fixed);
    const complaint = !isKnown ? `sg_decode_sense knows no such sense: ${fixed ?? ""}` : fixed === descriptor ? undefined : `"${fixed}" is not "${descriptor ?? ""}"`;
    return { page: `sense ${name}`, complaint };
  });
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
