import type { Action, Scene } from "../contract.ts";

/** The passphrase is typed twice: keys that nobody can open are worse than none. */
export function makeKeys({ words: { actions, questions } }: Scene): Action {
  return {
    id: "keys", ...actions.keys,
    questions: [
      { name: "folder", prompt: questions.keyFolder, initial: "" },
      { name: "passphrase", prompt: questions.newPassphrase, initial: "", isSecret: true },
      { name: "again", prompt: questions.passphraseAgain, initial: "", isSecret: true, repeats: "passphrase" },
    ],
    words: ({ folder = "" }) => ["key", "init", "--export", folder, "--passphrase-fd", "3"],
  };
}

export function addLibraries({ words: { actions, questions } }: Scene): readonly Action[] {
  const name = { name: "name", prompt: questions.name, initial: "main" };
  return [
    { id: "devices", ...actions.devices, words: () => ["device", "list"] },
    {
      id: "addLibrary", ...actions.addLibrary, questions: [name, { name: "changer", prompt: questions.changer, initial: "/dev/" }],
      words: ({ name: library = "", changer = "" }) => ["library", "add", library, "--changer", changer],
    },
    {
      id: "addSimulator", ...actions.addSimulator, questions: [name, { name: "folder", prompt: questions.simulator, initial: "" }],
      words: ({ name: library = "", folder = "" }) => ["library", "add", library, "--simulator", folder],
    },
    { id: "createFolderPool", ...actions.createFolderPool, questions: folderPoolQuestions(questions), words: folderPoolWords },
  ];
}

export function makePools({ appliance, words: { actions, questions, refusals } }: Scene): readonly Action[] {
  const [first] = appliance.libraries;
  return [
    {
      id: "createPool", ...actions.createPool, ...(first === undefined ? { refused: refusals.noLibrary() } : {}),
      questions: [{ name: "name", prompt: questions.name, initial: "onsite" }, { name: "library", prompt: questions.library, initial: first?.name ?? "" }],
      words: ({ name = "", library = "" }) => ["pool", "create", name, "--kind", "tape", "--library", library],
    },
    { id: "createFolderPool", ...actions.createFolderPool, questions: folderPoolQuestions(questions), words: folderPoolWords },
  ];
}

export function makeArchive({ appliance, words: { actions, questions, refusals } }: Scene): Action {
  const [first, second] = appliance.pools;
  return {
    id: "createArchive", ...actions.createArchive, ...(first === undefined ? { refused: refusals.noPool() } : {}),
    questions: [
      { name: "name", prompt: questions.name, initial: "" },
      { name: "source", prompt: questions.sources, initial: "" },
      { name: "pool", prompt: questions.pools, initial: first?.name ?? "" },
      { name: "copyPool", prompt: questions.copyPools, initial: second?.name ?? "" },
    ],
    words: ({ name = "", source = "", pool = "", copyPool = "" }) =>
      ["archive", "create", name, "--source", source, "--pool", pool, ...(copyPool === "" ? [] : ["--pool", copyPool])],
  };
}

function folderPoolQuestions(questions: Scene["words"]["questions"]): NonNullable<Action["questions"]> {
  return [{ name: "name", prompt: questions.name, initial: "disks" }, { name: "folder", prompt: questions.poolFolder, initial: "" }];
}

function folderPoolWords({ name = "", folder = "" }: Readonly<Record<string, string>>): readonly string[] {
  return ["pool", "create", name, "--kind", "folder", "--folder", folder];
}
