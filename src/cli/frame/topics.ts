import { exitMeanings } from "./exit-codes.ts";

export interface Topic {
  readonly name: string;
  readonly summary: string;
  readonly text: string;
}

const environment = `STRONGROOM_STATE   state folder, where --state is not given
NO_COLOR           when not empty: no colour
CLICOLOR_FORCE     when neither empty nor 0: colour also where there is no terminal
CLICOLOR           when 0: no colour
TERM               dumb: no colour

Secrets are never taken from the environment, where other processes can read them: use --passphrase-file or --passphrase-fd.
`;

const formats = `Sizes are given in B, KiB, MiB, GiB and TiB (1024), rates in MB/s (1000000), as drives are sold; --bytes prints exact bytes.
Sizes are taken as 512KiB, 4GiB (1024) or 300MB (1000).
Times are RFC 3339 in UTC. Durations are H:MM:SS. What is not known is "-".
Names are printed on one line: characters that could move the cursor appear as \\xNN or \\u{N}, a backslash as \\\\.
The same forms are taken where a path in an archive is typed.
With --json sizes are whole bytes, and a path that is not UTF-8 comes with path_b64, its exact bytes in base64.
`;

export const topics: readonly Topic[] = [
  {
    name: "exit-codes",
    summary: "what the exit code of a command means",
    text: exitMeanings.map(([code, meaning]) => `${code.padStart(5)}  ${meaning}\n`).join(""),
  },
  { name: "environment", summary: "variables that are read", text: environment },
  { name: "formats", summary: "how sizes, times and names are written", text: formats },
];
