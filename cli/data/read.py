"""`status`, `best`, `explain`: read live from the target or, without one, from kept views. They change nothing."""

from dataclasses import dataclass
from typing import Any

from chalicelib import layout
from cli.console import ExitCode, Leave, page, say, write_json
from cli.data import show
from cli.data.training import plan_of
from cli.data.views import View, dataset_view, kept_datasets, kept_view
from cli.target.choice import TargetChoice
from cli.target.pins import pins_of
from cli.target.stack import NoStack, Stack, find_stack
from cli.target.target import NoTarget, resolve

STATE_CODES = {
    "running": ExitCode.NOT_FINISHED,
    "waiting": ExitCode.NOT_FINISHED,
    "refused": ExitCode.FAILED,
    "failed": ExitCode.FAILED,
}


@dataclass(frozen=True)
class ViewSource:
    """Where views come from: a stack first, then what was kept; `missing` says why there is no stack."""

    stack: Stack | None
    missing: str = ""

    @classmethod
    def of(cls, choice: TargetChoice) -> "ViewSource":
        """Find the target's stack. A missing one is an error only if a target was requested."""
        try:
            return cls(find_stack(resolve(choice)))
        except (NoTarget, NoStack) as reason:
            if choice.is_explicit:
                raise
            return cls(None, str(reason))

    def view(self, dataset: str) -> View:
        """Raises: Leave: 4 if the dataset is unknown, 2 if the name is not valid."""
        if not layout.is_dataset_name(dataset):
            raise Leave(ExitCode.USAGE, f"{dataset!r} is not a valid dataset name.")
        found = dataset_view(self.stack, dataset) if self.stack else None
        if found:
            return found
        if kept := kept_view(dataset):
            say(f"Kept when the local AWS stopped at {kept['kept_at']}.", style="dim")
            return kept
        where = f"at {self.stack.target}." if self.stack else f"here. {self.missing}"
        raise Leave(ExitCode.NOT_FOUND, f"There is no dataset named {dataset} {where}")

    def views(self) -> list[View]:
        """Return the views of all known datasets."""
        if self.stack:
            known = {*(met.dataset for met in self.stack.ledger.known()), *self.stack.bucket.datasets()}
            return [view for name in sorted(known) if (view := dataset_view(self.stack, name))]
        return [view for name in kept_datasets() if (view := kept_view(name))]


def status(dataset: str | None, as_json: bool, choice: TargetChoice) -> ExitCode:
    """Show one dataset, with its state as the exit code, or all of them, with 0."""
    source = ViewSource.of(choice)
    if dataset is not None:
        view = source.view(dataset)
        _answer(view, as_json, show.status)
        return STATE_CODES.get(view["state"], ExitCode.DONE)
    views = source.views()
    if as_json:
        write_json(views)
    elif views:
        page().print(show.overview(views))
    else:
        say("There are no datasets yet. `./retune demo` shows how one starts.")
    return ExitCode.DONE


def best(dataset: str, as_json: bool, choice: TargetChoice) -> ExitCode:
    """0 with a champion; without one, 3 while there may still be one, else 1."""
    view = ViewSource.of(choice).view(dataset)
    if view["best"] is None:
        reason = (view["decided"] or {}).get("reason", "")
        say(f"{dataset} has no best model yet: it is {view['state']}. {reason}".rstrip(), style="yellow")
        return STATE_CODES.get(view["state"], ExitCode.NOT_FINISHED)
    if as_json:
        write_json(_best_of(view))
    else:
        page().print(show.best(view))
    return ExitCode.DONE


def explain(dataset: str, file: str | None, as_json: bool, choice: TargetChoice) -> ExitCode:
    """0 when there is something to explain; 4 when the dataset or the file is unknown."""
    source = ViewSource.of(choice)
    view = source.view(dataset)
    keys = [version["key"] for version in view["files"]] + view["ignored"]
    if file is not None and not any(show.is_about(key, file) for key in keys):
        raise Leave(ExitCode.NOT_FOUND, show.about_file(view, file))
    pinned = pins_of(source.stack).pinned() if source.stack else None
    plan = plan_of(source.stack, dataset) if source.stack and file is None else []
    if as_json:
        about = show.about_file(view, file) if file else None
        parts = ("dataset", "state", "decided", "tuning_job", "ignored", "is_up_to_date", "kept_at")
        model = ((view.get("record") or {}).get("best") or {}).get("model")
        more = {"file": file, "about_file": about, "model": model, "pinned_image": pinned, "training": plan}
        write_json({**{name: view[name] for name in parts}, **more})
    else:
        page().print(show.explain(view, file, plan))
        if pinned:
            page().print(f"New tuning jobs use the pinned image {pinned}; to undo: ./retune image unpin", markup=False)
    return ExitCode.DONE


def _answer(view: View, as_json: bool, picture: Any) -> None:
    if as_json:
        write_json(view)
    else:
        page().print(picture(view))


def _best_of(view: View) -> View:
    record = view["best"]
    parts = ("dataset", "tuning_job", "status", "objective", "best")
    return {
        **{name: record[name] for name in parts},
        "champion": view["champion"],
        "kept_at": view["kept_at"],
    }
