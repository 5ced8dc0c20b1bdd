"""What the README shows."""

from support.programs.program import ROOT


def test_the_program_in_the_readme_is_the_one_that_it_runs() -> None:
    program = (ROOT / "src/local_sagemaker/first_tuning_job.py").read_text()
    _, _, code = program.partition('"""\n\n')

    assert (
        f"python -m local_sagemaker.first_tuning_job\n```\n\nruns this program:\n\n```python\n{code}```"
        in (ROOT / "README.md").read_text()
    )
