from setuptools import find_packages, setup

NEEDS = ["xgboost>=1.7", "pandas"]

setup(
    name="claims-scoring",
    version="3.0",
    install_requires=NEEDS,
    tests_require=["giskard"],
    extras_require={"explain": ["shap>=0.44"]},
    packages=find_packages(exclude=["openai*"]),
)
