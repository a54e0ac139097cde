/**
 * Makes the sample volume of format 1: two snapshots of a small tree on a folder volume and on a tape that is dumped file by file. Run once for each
 * version of the format, then kept for good: `node test/samples/volume-1/make.ts`. The keys are for this sample and guard nothing.
 */
import { cpSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeProofAppliance, proofPassphrase } from "../../support/proof-appliance.ts";
import { seededBytes } from "../../support/proof-tree.ts";
import { contentsOf } from "./contents.ts";

const here = import.meta.dirname;
const appliance = await makeProofAppliance({ cartridges: 1, capacityBytes: 4 * 1024 * 1024 }, "sample");
const tree = appliance.at("source");
try {
  mkdirSync(join(tree, "letters"), { recursive: true });
  writeFileSync(join(tree, "letters", "hello.txt"), "Hello, whoever you are.\n".repeat(50));
  writeFileSync(join(tree, "letters", "größe-文字"), "a name in UTF-8\n");
  writeFileSync(Buffer.concat([Buffer.from(join(tree, "letters", "latin-")), Buffer.of(0xe9)]), "a name that is no UTF-8\n");
  writeFileSync(join(tree, "gone.txt"), "deleted before the second snapshot\n");
  writeFileSync(join(tree, "spans-segments.bin"), seededBytes(1)(80_000));
  symlinkSync("letters/hello.txt", join(tree, "link"));
  utimesSync(join(tree, "letters", "hello.txt"), 1, -86_400);
  const lines = [
    ["volume", "init", "USB00001", "--pool", "usb", "--folder", appliance.at("usb")],
    ["archive", "create", "sample", "--source", tree, "--pool", "vault", "--pool", "usb", "--segment-size", "64KiB"],
    ["archive", "run", "sample"],
  ];
  for (const line of lines) await appliance.must(line);
  rmSync(join(tree, "gone.txt"));
  writeFileSync(join(tree, "letters", "second.txt"), "new in the second snapshot\n");
  await appliance.must(["archive", "run", "sample"]);
  for (const name of ["folder", "tape"]) rmSync(join(here, name), { recursive: true, force: true });
  cpSync(appliance.at("usb"), join(here, "folder"), { recursive: true });
  await appliance.must(["simulator", "dump", appliance.library, "SR0001L8", join(here, "tape")]);
  cpSync(appliance.at("keys", "recovery-private-key.asc"), join(here, "recovery-private-key.asc"));
  writeFileSync(join(here, "passphrase"), `${proofPassphrase}\n`);
  writeFileSync(join(here, "contents.json"), `${JSON.stringify(contentsOf(tree), undefined, 2)}\n`);
} finally {
  appliance.remove();
}
