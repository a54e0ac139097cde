import { printable } from "../../words/index.ts";
import { keyColumns, keyDocument, table } from "../views/index.ts";
import type { Command, OptionRecord } from "./command.ts";

/** How a passphrase gets in without being typed: never as an argument or a variable, where others can read it. */
export const passphraseOptions: readonly OptionRecord[] = [
  { flags: "--passphrase-file FILE", summary: "read the passphrase from the first line of a file" },
  { flags: "--passphrase-fd N", summary: "read the passphrase from an open file descriptor" },
];

const init: Command = {
  noun: "key",
  verb: "init",
  summary: "make the operations key, the recovery key and the signing key",
  details:
    "The two private decryption keys are written to the export folder, locked by the passphrase, and are kept nowhere else: " +
    "copy them to two safe places before the first run. A certificate made elsewhere can be used instead; then no private key is made for that role.",
  options: [
    { flags: "--export DIR", summary: "where the locked private keys are written" },
    ...passphraseOptions,
    { flags: "--operations-certificate FILE", summary: "use this OpenPGP certificate as the operations key" },
    { flags: "--recovery-certificate FILE", summary: "use this OpenPGP certificate as the recovery key" },
  ],
  examples: [
    { line: "strongroom key init --export /media/usb/keys", what: "asks for a new passphrase, twice" },
    { line: "strongroom key init --export /media/usb/keys --passphrase-file /run/secret/passphrase", what: "without a terminal" },
    {
      line: "strongroom key init --operations-certificate operations.asc --recovery-certificate recovery.asc",
      what: "with keys that were made elsewhere",
    },
  ],
  async run({ typed, answer, ask, operations, units }) {
    const operationsCertificate = typed.option("--operations-certificate");
    const recoveryCertificate = typed.option("--recovery-certificate");
    const keys = await (await operations()).key.init({
      exportFolder: typed.option("--export"),
      passphrase: ask.passphrase("the new private keys", true),
      ...(operationsCertificate === undefined ? {} : { operationsCertificate }),
      ...(recoveryCertificate === undefined ? {} : { recoveryCertificate }),
    });
    answer.document({ keys: keys.map(keyDocument) }, () => {
      answer.table(table(keyColumns, keys, units));
      for (const { role, exportedTo } of keys) {
        if (exportedTo !== undefined) answer.line(`the locked private ${role} key is in ${printable(exportedTo)} and nowhere else`);
      }
    });
    answer.next("strongroom library add NAME --changer DEVICE, or strongroom pool create NAME --kind folder");
  },
};

const list: Command = {
  noun: "key",
  verb: "list",
  summary: "list the keys in use",
  examples: [{ line: "strongroom key list", what: "role, fingerprint, age" }],
  async run({ answer, operations, units }) {
    const keys = await (await operations()).key.list();
    answer.document({ keys: keys.map(keyDocument) }, () => { answer.table(table(keyColumns, keys, units)); });
    if (keys.length === 0) answer.next("strongroom key init --export DIR");
  },
};

const show: Command = {
  noun: "key",
  verb: "show",
  summary: "print the certificate (public key) of a role or fingerprint",
  arguments: [{ name: "ROLE|FINGERPRINT", summary: "operations, recovery, signing, or a fingerprint", names: "key" }],
  examples: [
    { line: "strongroom key show recovery", what: "print the certificate" },
    { line: "strongroom key show signing | gpg --import", what: "so that gpg can check a volume's seals" },
  ],
  async run({ typed, answer, operations }) {
    const which = typed.required("ROLE|FINGERPRINT");
    const certificate = await (await operations()).key.certificate(which);
    answer.document({ key: which, certificate }, () => { answer.raw(certificate); });
  },
};

export const keyCommands: readonly Command[] = [init, list, show];
