"""Many models created by one operation: rendered once, not all again for each of them."""

from django.db.migrations.operations.base import Operation


class Together(Operation):
    """Operations that only create models, in any order, also of models that refer to one another.

    Django renders every model that is related to a new one after each operation; here that is nearly all of them, and made three
    quarters of the time a fresh database took.
    """

    def __init__(self, operations):
        self.operations = operations

    def deconstruct(self):
        return (self.__class__.__name__, [self.operations], {})

    def state_forwards(self, app_label, state):
        if "apps" in state.__dict__:
            del state.apps  # rendered anew when first asked for, which is after the last of them
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Create {len(self.operations)} models"
