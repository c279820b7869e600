import { Component, type ReactNode } from 'react';

interface Props {
  /** What failed, in words: `cell train`. */
  name: string;
  /** A change of it tries again. */
  resetKey?: unknown;
  children: ReactNode;
}

/** Keeps a defect in one part of the screen from taking the rest with it. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.error !== null) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="cell-error" role="alert">
        <span className="mark failed" />
        <span className="message">
          The {this.props.name} could not be drawn: {error.message}
        </span>
        <span className="hint">Your text is untouched. This is a defect in Plumbline.</span>
        <span className="actions">
          <button className="button" onClick={() => this.setState({ error: null })}>
            Try again
          </button>
        </span>
      </div>
    );
  }
}
