import { iscsi } from "../../scsi/index.ts";

/** The numbers that order commands and confirm answers (RFC 7143, 4.2.2). */
export class CommandWindow {
  #cmdSn: number;
  #maxCmdSn: number;
  #expStatSn: number;

  constructor(cmdSn: number, response: iscsi.LoginResponse) {
    this.#cmdSn = cmdSn;
    this.#maxCmdSn = response.maxCmdSn;
    this.#expStatSn = iscsi.next(response.statSn);
  }

  /** Whether the target takes one more command. */
  get isOpen(): boolean {
    return !iscsi.isBefore(this.#maxCmdSn, this.#cmdSn);
  }

  /** The number of the next command, which is used up by it. */
  take(): number {
    const cmdSn = this.#cmdSn;
    this.#cmdSn = iscsi.next(cmdSn);
    return cmdSn;
  }

  /** The number that immediate commands carry. */
  get current(): number {
    return this.#cmdSn;
  }

  get expStatSn(): number {
    return this.#expStatSn;
  }

  /** Takes what any PDU says. One connection delivers in order, so what is older than known is a repetition and says nothing. */
  update({ statSn, expCmdSn, maxCmdSn }: Sequence, carriesStatus: boolean): void {
    if (carriesStatus && !iscsi.isBefore(statSn, this.#expStatSn)) this.#expStatSn = iscsi.next(statSn);
    const isSensible = !iscsi.isBefore(iscsi.next(maxCmdSn), expCmdSn);
    if (isSensible && iscsi.isBefore(this.#maxCmdSn, maxCmdSn)) this.#maxCmdSn = maxCmdSn;
  }
}

type Sequence = iscsi.Values<typeof iscsi.layout.sequence>;
