/** What a scenario is made of: what an operator does and sees, in words that hold for the screen and for the plain console. */
export type Step =
  /** Goes to the view and waits until the texts stand there, beside the row if one is named. */
  | { readonly kind: "see"; readonly view: ViewName; readonly row?: string; readonly texts: readonly string[] }
  /** Takes an action of a row: as soon as the row is there and the action is not refused. */
  | { readonly kind: "act"; readonly view: ViewName; readonly row: string; readonly action: string; readonly answers?: readonly Answer[];
      /** What is shown before it is done, and answered with yes. */
      readonly confirms?: readonly string[]; readonly ends: Ending }
  /** Opens what the row leads to. */
  | { readonly kind: "open"; readonly view: ViewName; readonly row: string }
  | { readonly kind: "scan"; readonly code: string; readonly texts: readonly string[] }
  /** Begins to take many cartridges out, or to bring them in. */
  | { readonly kind: "exchange"; readonly direction: "out" | "in" }
  /** The key that lets the robot of the library begin; waits until the texts say how it ended. */
  | { readonly kind: "batch"; readonly texts: readonly string[] }
  /** Ends the exchange. */
  | { readonly kind: "end" }
  /** Any command of strongroom, as it is typed behind the colon. */
  | { readonly kind: "command"; readonly line: string }
  /** What somebody does at the library: a command of the simulator. */
  | { readonly kind: "hands"; readonly line: readonly string[] }
  /** What somebody carries between the mail slots and the shelf. */
  | { readonly kind: "carry"; readonly way: "to-shelf" | "to-mail-slots"; readonly barcodes: readonly string[] }
  /** What is seen outside of the console; the answer is what is wrong, undefined when all is well. Asked again until then. */
  | { readonly kind: "check"; readonly what: string; readonly check: (stage: Stage) => Promise<string | undefined> | string | undefined }
  /** Ends the console the hard way, and begins anew. */
  | { readonly kind: "kill" };

export type ViewName = "Today" | "Library" | "Jobs" | "Archives" | "Cartridges" | "Pools" | "Health" | "Log";

/** How an action ends: its output is waited for, it is a job that goes on by itself, or it shows something. */
export type Ending = "done" | "started";

export interface Answer {
  /** How the question begins. */
  readonly question: string;
  /** Undefined leaves what is proposed. */
  readonly text?: string;
  readonly isSecret?: true;
}

/** A fresh appliance in a folder of its own, with a simulated library beside it. */
export interface Stage {
  readonly folder: string;
  readonly state: string;
  readonly library: string;
  readonly passphrase: string;
  /** A command of strongroom on this appliance, not by the console; its standard output. */
  run(line: readonly string[]): Promise<string>;
  carry(way: "to-shelf" | "to-mail-slots", barcodes: readonly string[]): Promise<void>;
}

export interface Scenario {
  readonly name: string;
  readonly what: string;
  /** What is there before anybody sits down. */
  prepare(stage: Stage): Promise<void>;
  steps(stage: Stage): readonly Step[];
}

/** Hands and eyes at one kind of console. Every one of them waits for what it needs and fails when that does not come. */
export interface Operator {
  see(step: Extract<Step, { kind: "see" }>): Promise<void>;
  act(step: Extract<Step, { kind: "act" }>): Promise<void>;
  open(step: Extract<Step, { kind: "open" }>): Promise<void>;
  scan(step: Extract<Step, { kind: "scan" }>): Promise<void>;
  exchange(step: Extract<Step, { kind: "exchange" }>): Promise<void>;
  batch(step: Extract<Step, { kind: "batch" }>): Promise<void>;
  end(): Promise<void>;
  command(step: Extract<Step, { kind: "command" }>): Promise<void>;
  kill(): Promise<void>;
  /** Leaves it as a person does; fails when the terminal is not as it was found. */
  leave(): Promise<void>;
  /** Whatever state it is in; what it had open is closed then. */
  abandon(): Promise<void>;
  /** What is in front of the operator now. */
  shown(): readonly string[];
}

export class RobotFailure extends Error {}
