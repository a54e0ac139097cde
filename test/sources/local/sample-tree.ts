import { spawnSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { changeModeAt, changeOwnerAt, makeNodeAt, openDirectory, setTimesAt, setXattrAt } from "posix-entries";
import { aclAccessAttribute, aclDefaultAttribute, aclFromText } from "../../../src/formats/tar/index.ts";

export const isRoot = process.geteuid?.() === 0;

/** True when a command of the machine is there: what needs it is skipped with this reason otherwise. */
export function has(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
}

const accounts = { userId: () => undefined, groupId: () => undefined };
const access = "user::rw-,user:3000000001:rw-,group::r--,mask::rw-,other::---";
const inherited = "user::rwx,group::r-x,group:4321:r-x,mask::r-x,other::---";

/** A tree with one of everything that an archive must bring back. Devices and strange owners only as root. */
export function makeSampleTree(root: string): void {
  mkdirSync(`${root}/dir/sub`, { recursive: true });
  mkdirSync(`${root}/empty`);
  writeFileSync(`${root}/dir/plain.txt`, "plain\n");
  writeFileSync(`${root}/dir/empty-file`, "");
  writeFileSync(`${root}/dir/sub/${"n".repeat(200)}`, "long name");
  writeFileSync(
    Buffer.concat([Buffer.from(`${root}/dir/latin-`), Buffer.of(0xe9, 0xff), Buffer.from("\n\u001b[31m")]),
    "not UTF-8",
  );
  writeFileSync(`${root}/dir/größe-文字`, "UTF-8");
  writeFileSync(`${root}/block`, Buffer.alloc(512, "b"));
  writeFileSync(`${root}/two-blocks-and-one`, Buffer.alloc(1025, "c"));
  const deep = `${root}/${Array.from({ length: 12 }, (_, index) => `component-number-${String(index)}`).join("/")}`;
  mkdirSync(deep, { recursive: true });
  writeFileSync(`${deep}/leaf`, "deep");
  linkSync(`${root}/dir/plain.txt`, `${root}/second-name`);
  symlinkSync("dir/plain.txt", `${root}/link`);
  symlinkSync(`nowhere/${"x".repeat(150)}`, `${root}/long-link`);
  makeSparseFile(`${root}/sparse-end`, 3_000_000, [
    [0, "start"],
    [1_000_000, "middle"],
  ]);
  makeSparseFile(`${root}/sparse-start`, 2_000_005, [[2_000_000, "end.."]]);
  makeSparseFile(`${root}/all-hole`, 10_000_000, []);
  makeSparseFile(`${root}/huge`, 9 * 1024 ** 3, [[8 * 1024 ** 3 + 4096, "beyond eight GiB"]]);
  addAttributes(root);
}

function makeSparseFile(path: string, sizeBytes: number, pieces: readonly (readonly [number, string])[]): void {
  const fd = openSync(path, "w");
  for (const [offset, text] of pieces) writeSync(fd, text, offset);
  ftruncateSync(fd, sizeBytes);
  closeSync(fd);
}

function addAttributes(root: string): void {
  const fd = openDirectory(Buffer.from(root));
  const name = (text: string): Buffer => Buffer.from(text);
  try {
    makeNodeAt(fd, name("fifo"), 0o010644, 0, 0);
    setXattrAt(fd, name("block"), name("user.binary"), Buffer.of(0, 1, 0x80, 0xff, 0x0a, 0x3d));
    setXattrAt(fd, name("block"), name("user.with=sign%25"), Buffer.from("value"));
    setXattrAt(fd, name("block"), name("user.empty"), new Uint8Array());
    setXattrAt(fd, name("empty"), name("user.on-directory"), Buffer.from("yes"));
    changeModeAt(fd, name("two-blocks-and-one"), 0o444);
    if (isRoot) addPrivileged(fd, name);
    setXattrAt(fd, name("two-blocks-and-one"), name(aclAccessAttribute), aclFromText(access, accounts));
    setXattrAt(fd, name("empty"), name(aclDefaultAttribute), aclFromText(inherited, accounts));
    setTimesAt(fd, name("block"), -1_500_000_001n);
    setTimesAt(fd, name("all-hole"), 4_400_000_000_123_456_789n);
    setTimesAt(fd, name("fifo"), 0n);
    lutimesSync(`${root}/link`, 1_000_000_000.5, 1_000_000_000.5);
    setTimesAt(fd, name("empty"), 1_234_567_890_000_000_000n);
  } finally {
    closeSync(fd);
  }
}

function addPrivileged(fd: number, name: (text: string) => Buffer): void {
  makeNodeAt(fd, name("character"), 0o020600, 5, 3);
  makeNodeAt(fd, name("disk"), 0o060660, 259, 1_000_000);
  changeOwnerAt(fd, name("sparse-end"), 3_000_000_000, 3_000_000_001);
  changeOwnerAt(fd, name("link"), 12_345, 54_321);
  writeFileSync(`/proc/self/fd/${String(fd)}/set-id`, "program");
  changeOwnerAt(fd, name("set-id"), 1234, 4321);
  changeModeAt(fd, name("set-id"), 0o6755);
  writeFileSync(`/proc/self/fd/${String(fd)}/capable`, "program");
  changeOwnerAt(fd, name("capable"), 1234, 4321);
  // cap_net_bind_service=ep: vfs_cap_data of revision 2.
  setXattrAt(fd, name("capable"), name("security.capability"), Buffer.from("0100000200040000000000000000000000000000", "hex"));
  setXattrAt(fd, name("link"), name("trusted.of-a-link"), Buffer.from("x"));
}
