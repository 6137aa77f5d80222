/** Numbers that a failed run can repeat: the same seed gives the same sequence. */
export class SeededRandom {
  #state;

  constructor(seed) {
    this.seed = seed >>> 0;
    this.#state = this.seed || 1;
  }

  /** From 0 up to, but not including, 1. */
  next() {
    // xorshift32
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  between(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }
}
