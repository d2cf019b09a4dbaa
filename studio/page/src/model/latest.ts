// SPDX-License-Identifier: Apache-2.0
// Runs one task at a time; of those asked for meanwhile only the latest runs next. What a slider drag needs:
// every answer is as new as the server is quick, and none comes after a newer one.

export class Latest {
  private running = false;
  private next: (() => Promise<void>) | null = null;
  private when_dropped: (() => void) | undefined;

  // `dropped` is called instead of the task when a later one takes its place.
  ask(task: () => Promise<void>, dropped?: () => void): void {
    if (this.next) this.when_dropped?.();
    this.next = task;
    this.when_dropped = dropped;
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.next) {
      const task = this.next;
      this.next = null;
      try {
        await task();
      } catch (e) {
        console.error(e);
      }
    }
    this.running = false;
  }
}
