import { Group, Panel, Separator } from 'react-resizable-panels';
import { Notebook } from '../notebook/Notebook';
import { useApp } from '../store/context';
import { CatalogSide } from './CatalogSide';
import { ErrorBoundary } from './ErrorBoundary';
import { InspectorSide } from './InspectorSide';

/** Catalog, notebook, inspector. */
export function Layout() {
  const showCatalog = useApp((state) => state.settings.values.showCatalog);
  const showInspector = useApp((state) => state.settings.values.showInspector);
  return (
    <Group orientation="horizontal" id="layout">
      {showCatalog && (
        <>
          <Panel
            id="panel-catalog"
            defaultSize={232}
            minSize={160}
            maxSize={420}
            groupResizeBehavior="preserve-pixel-size"
          >
            <aside className="side-panel left" aria-label="Catalog" data-testid="catalog">
              <ErrorBoundary name="catalog">
                <CatalogSide />
              </ErrorBoundary>
            </aside>
          </Panel>
          <Separator className="separator" aria-label="Width of the catalog" />
        </>
      )}
      <Panel id="panel-notebook" minSize={360}>
        <ErrorBoundary name="notebook">
          <Notebook />
        </ErrorBoundary>
      </Panel>
      {showInspector && (
        <>
          <Separator className="separator" aria-label="Width of the inspector" />
          <Panel
            id="panel-inspector"
            defaultSize={300}
            minSize={220}
            maxSize={560}
            groupResizeBehavior="preserve-pixel-size"
          >
            <aside className="side-panel right" aria-label="Inspector" data-testid="inspector">
              <ErrorBoundary name="inspector">
                <InspectorSide />
              </ErrorBoundary>
            </aside>
          </Panel>
        </>
      )}
    </Group>
  );
}
