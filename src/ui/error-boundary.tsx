import { Component, type ReactNode } from "react";
import { ErrorNote } from "./parts/error-note.tsx";

interface State {
  readonly error: unknown;
  readonly hasFailed: boolean;
}

/** Keeps the frame when a page fails, or when its code cannot be loaded. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = { error: null, hasFailed: false };

  static getDerivedStateFromError(error: unknown): State {
    return { error, hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <ErrorNote
        error={this.state.error}
        what="This page could not be shown."
        hint="After an update of the gateway, reloading is all it takes."
        retry={() => location.reload()}
      />
    );
  }
}
