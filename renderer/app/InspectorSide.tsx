import { useApp } from '../store/context';

/** What the selected value, column or definition is about. */
export function InspectorSide() {
  const inspected = useApp((state) => state.selection.inspected);
  if (inspected === null)
    return (
      <div className="empty">
        Select a value in a grid to see why it is what it is, or a name in the catalog to see its definition.
      </div>
    );
  return <div className="empty">{inspected.type}</div>;
}
