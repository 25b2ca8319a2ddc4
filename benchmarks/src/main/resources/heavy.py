"""Programs of the size that data science has: three large libraries, imported before the workers are forked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import sklearn
import sklearn.linear_model
from vivarium_worker import program


@program(idempotent=True)
def versions() -> dict[str, str]:
    """Return the versions of the libraries."""
    return {"numpy": np.__version__, "pandas": pd.__version__, "scikit-learn": sklearn.__version__}


@program(idempotent=True)
def slope(points: int = 100) -> dict[str, float]:
    """Fit a line with slope 2 through so many points, by all three libraries."""
    frame = pd.DataFrame({"x": np.arange(points, dtype=float)})
    frame["y"] = 2 * frame["x"] + 1
    line = sklearn.linear_model.LinearRegression().fit(frame[["x"]], frame["y"])
    return {"slope": float(line.coef_[0])}
