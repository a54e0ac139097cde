import { cpSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { CampaignCase, CaseResult, Family } from "../frame/contract.ts";
import { makeProofAppliance, type ProofAppliance, proofPassphrase } from "../../support/proof-appliance.ts";
import { differences, makeProofTree } from "../../support/proof-tree.ts";
import { lightenKey } from "../light-key.ts";
import { type Damage, damaged, damages } from "./damages.ts";
import { positionsOf } from "./positions.ts";
import { emptyDrives, folderVolume, type OpenVolume, tapeVolume } from "./volumes.ts";

/** What a case changes; it is put back before the next one. */
const parts = ["state", "lib", "usb1"] as const;

interface Reference {
  readonly appliance: ProofAppliance;
  readonly volumes: readonly OpenVolume[];
}

export const bytesFamily: Family = {
  name: "bytes",
  about: "each class of byte of each object, each damage: verify names the object, and no restore gives a wrong byte as right",
  boundMs: 120_000,
  heapMegabytes: 1024,
  open: async () => {
    const reference = await makeReference();
    const places = new Map<string, () => Promise<CaseResult>>();
    const cases: CampaignCase[] = [];
    for (const volume of reference.volumes) {
      for (const [number, { role, bytes }] of volume.objects.entries()) {
        const other = objectLike(reference, volume, number);
        for (const { name, offsetBytes } of positionsOf(role, bytes)) {
          for (const damage of damages) {
            const after = damaged(bytes, damage, offsetBytes, other);
            if (after === undefined) continue;
            const id = `bytes/${volume.barcode}/${String(number).padStart(3, "0")}-${role}/${name}/${damage}`;
            cases.push({ id, row: rowOf(volume, role, damage) });
            places.set(id, async () => await tryDamage(reference, volume, number, after));
          }
        }
      }
    }
    return { cases, run: async (id) => await places.get(id)!(), close: () => Promise.resolve() };
  },
};

function rowOf({ pool }: OpenVolume, role: string, damage: Damage): string {
  return `${pool === "usb" ? "folder" : "tape"} ${role} ${damage}`;
}

/** The object of that role in the same place, or the first one, on another volume of the same kind where there is one. */
function objectLike({ volumes }: Reference, volume: OpenVolume, number: number): Buffer {
  const { role } = volume.objects[number]!;
  const others = volumes.filter((one) => one !== volume).sort((one, two) => Number(two.pool === volume.pool) - Number(one.pool === volume.pool));
  const { objects } = others.find((one) => one.objects.some((object) => object.role === role))!;
  return (objects[number]?.role === role ? objects[number] : objects.find((object) => object.role === role)!).bytes;
}

/** Two snapshots in two pools by the command line itself: on tapes, of which the first is full, and in a folder. */
async function makeReference(): Promise<Reference> {
  const appliance = await makeProofAppliance({ cartridges: 5, capacityBytes: 3 * 1024 * 1024 }, "campaign");
  await lightenKey(appliance.at("keys", "operations-private-key.asc"), proofPassphrase);
  makeProofTree(appliance.at("source"), { files: 30, largeBytes: 800_000 });
  await appliance.must(["volume", "init", "USB00001", "--pool", "usb", "--folder", appliance.at("usb1")]);
  await appliance.must(["archive", "create", "docs", "--source", appliance.at("source"), "--pool", "vault", "--pool", "usb", "--segment-size", "256KiB"]);
  await appliance.must(["archive", "run", "docs"]);
  writeFileSync(appliance.at("source", "large", "nothing"), "something\n".repeat(3000));
  await appliance.must(["archive", "run", "docs"]);
  await emptyDrives(appliance.library);
  for (const part of parts) cpSync(appliance.at(part), appliance.at("before", part), { recursive: true, preserveTimestamps: true });
  const tapes = appliance.records(({ inventory }) => inventory.volumesOfPool("vault").map(({ barcode }) => barcode));
  const volumes = [
    ...await Promise.all(tapes.map(async (barcode) => await tapeVolume(barcode, "vault", appliance.library, appliance.at(`dump-${barcode}`)))),
    folderVolume("USB00001", "usb", appliance.at("usb1")),
  ];
  if (volumes.length < 3) throw new Error("the reference archive does not span tapes");
  return { appliance, volumes };
}

async function tryDamage({ appliance }: Reference, volume: OpenVolume, number: number, bytes: Buffer): Promise<CaseResult> {
  for (const part of [...parts, "back", "hidden"]) rmSync(appliance.at(part), { recursive: true, force: true });
  for (const part of parts) cpSync(appliance.at("before", part), appliance.at(part), { recursive: true, preserveTimestamps: true });
  await volume.replace(number, bytes);
  const blind = await restoreFromDamagedPool(appliance, volume);
  if (blind !== undefined) return blind;
  const found = await verifyNames(appliance, volume, number);
  if (found.ending !== "ok") return found;
  const { code, loss } = await restored(appliance);
  if (loss !== "") return { ending: "silent loss", told: `restored with ${String(code)} from the other copy:\n${loss}` };
  return found;
}

/** The other pool is away, and nobody knows of the damage yet: whatever comes back must be right, and what does not must be told. */
async function restoreFromDamagedPool(appliance: ProofAppliance, { pool }: OpenVolume): Promise<CaseResult | undefined> {
  const other = pool === "usb" ? "lib" : "usb1";
  renameSync(appliance.at(other), appliance.at("hidden"));
  const { code, said, wrong, loss } = await restored(appliance);
  renameSync(appliance.at("hidden"), appliance.at(other));
  if (code === 70) return { ending: "crash", told: said };
  if (wrong !== "") return { ending: "silent loss", told: `restored with ${String(code)}, and wrong:\n${wrong}\n${said}` };
  if (code === 0 && loss !== "") return { ending: "silent loss", told: `restored as whole, and is not:\n${loss}\n${said}` };
  return undefined;
}

async function restored(appliance: ProofAppliance): Promise<{ readonly code: number; readonly said: string; readonly wrong: string; readonly loss: string }> {
  rmSync(appliance.at("back"), { recursive: true, force: true });
  const line = ["file", "restore", "docs", "--to", appliance.at("back"), ...appliance.keyOptions, "--owners", "by-number"];
  const { code, out, err } = await appliance.run(line);
  const lines = differences(appliance.at("source"), appliance.at("back")).split("\n").filter((one) => one.startsWith(">f") || one.startsWith("*deleting"));
  // A file that is half restored bears a name that says so.
  const told = lines.filter((one) => !/\.strongroom-[0-9a-f-]{36}-\d+$/.test(one));
  return { code, said: out + err, wrong: told.filter((one) => !one.includes("+++++++")).join("\n"), loss: told.join("\n") };
}

interface ToldFinding {
  readonly severity: string;
  readonly object: number;
  readonly text: string;
}

async function verifyNames(appliance: ProofAppliance, { barcode }: OpenVolume, number: number): Promise<CaseResult> {
  const { code, out, err } = await appliance.run(["volume", "verify", barcode, "--json"]);
  const said = `exit code ${String(code)}\n${err}${out}`;
  if (code === 70) return { ending: "crash", told: said };
  if (code === 0) return { ending: "false ok", told: `verify found nothing wrong\n${said}` };
  const record = JSON.parse(out.trimEnd().split("\n").at(-1)!) as { readonly findings?: readonly ToldFinding[] };
  const finding = record.findings?.find((one) => one.object === number);
  if (finding?.text.includes(barcode) !== true) return { ending: "unclear ending", told: `object ${String(number)} of ${barcode} is not named\n${said}` };
  if (finding.severity !== "err" && finding.severity !== "fatal") return { ending: "wrong severity", told: said };
  return { ending: "ok", told: finding.text };
}
