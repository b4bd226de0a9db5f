# make demo | cluster | test | check | format | fetch | train | evaluate | experiments | bench | bench-serve
# Arguments go in ARGS: make train ARGS="--help"
VENV ?= .venv
PYTHON ?= $(shell for python in python3 python python3.13 python3.12 python3.11 python3.10; do \
	$$python -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$python && break; done)
IN := $(VENV)/bin/python

demo: $(VENV)/demo-ready
	@$(IN) app.py $(ARGS)

# The page on Ray, with two readers, on this machine.
cluster: $(VENV)/cluster-ready
	@$(IN) app.py --readers ray $(ARGS)

test: $(VENV)/test-ready
	@$(IN) -m pytest --durations=10 $(ARGS)

# What to run before a commit, in under a minute.
check: $(VENV)/test-ready
	@$(IN) -m ruff format --check .
	@$(IN) -m ruff check .
	@$(IN) -m mypy
	@$(IN) -m pytest -n auto --dist loadfile -m "not slow and not browser" $(ARGS)

format: $(VENV)/test-ready
	@$(IN) -m ruff format .
	@$(IN) -m ruff check --fix .

fetch: $(VENV)/demo-ready
	@$(IN) -m model.collections $(or $(ARGS),fetch)

people: $(VENV)/demo-ready
	@$(IN) -m model.synthetic.people $(ARGS)

train: $(VENV)/demo-ready
	@$(IN) -m model.train $(ARGS)

evaluate: $(VENV)/demo-ready
	@$(IN) -m model.evaluate $(or $(ARGS),--split test)

# Everything that “Inside” and “Why residual?” show from files, made again: a night on two processors.
# The long scripts go on where they were stopped.
TWINS := plain-26-1 residual-26-1 plain-26-2 residual-26-2
experiments: $(VENV)/demo-ready
	@$(IN) -m explain.network.channels
	@$(IN) -m explain.experiments.gradient_flow record --seed 1
	@$(IN) -m explain.experiments.gradient_flow record --seed 2
	@$(IN) -m explain.experiments.depth record
	@$(IN) -m explain.experiments.depth record --name depth_26 --depths 26 --seeds 1 2 --steps 1500 --run runs/twins
	@$(IN) -m explain.experiments.blocks_off record --twins $(TWINS:%=runs/twins/%)
	@$(foreach twin,$(TWINS),$(IN) -m explain.experiments.landscape record runs/twins/$(twin) &&) true

bench: $(VENV)/test-ready
	@$(IN) -m tests.benchmarks.start
	@$(IN) -m tests.benchmarks.passes

bench-serve: $(VENV)/test-ready
	@$(IN) -m tests.benchmarks.serving $(ARGS)

# The empty file says that these requirements are installed; a newer requirements file undoes that.
$(VENV)/demo-ready: requirements.txt
	$(call install,requirements.txt)

$(VENV)/test-ready: requirements-dev.txt requirements.txt
	$(call install,requirements-dev.txt)
	@touch $(VENV)/demo-ready

$(VENV)/cluster-ready: requirements-cluster.txt $(VENV)/demo-ready
	$(call install,requirements-cluster.txt)

define install
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null || \
		{ echo "This project needs Python 3.10, 3.11, 3.12 or 3.13; install one, or name it: make PYTHON=/path/to/python"; exit 1; }
	@echo "Installing $(1) into $(VENV) (once; a few minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(IN) -m pip install --quiet --disable-pip-version-check -r $(1)
	@touch $@
endef

.PHONY: demo cluster test check format fetch people train evaluate experiments bench bench-serve
