import { openLibrary } from "../../../simulator/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { tape } from "../initiator-commands.ts";

/**
 * Writes blocks to the first drive until it is killed, every one filled with its own number; a filemark after each ten, and
 * only then, when that
 * is on the medium, a line that says so. Says `ready` first.
 */
const library = await openLibrary(process.argv[2]!, systemRandom);
const drive = tape(await library.transport(1));
while ((await drive.ready()) !== "good") await Promise.resolve();
process.stdout.write("ready\n");
for (let file = 0; ; file += 1) {
  for (let at = 0; at < 10; at += 1) await drive.write(new Uint8Array(20_000 + file).fill((file * 10 + at) % 251));
  if ((await drive.marks(1)) !== "good") break;
  process.stdout.write(`${String(file)}\n`);
}
