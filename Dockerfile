# An image for JupyterHub (or `docker run -p 8888:8888 convnets`): the students' course,
# with torch for the CPU, which is five gigabytes smaller than the one with CUDA.
#   make student && docker build -t convnets .
FROM quay.io/jupyter/minimal-notebook:python-3.12
USER root
RUN apt-get update -q && apt-get install -qy --no-install-recommends unzip \
    && rm -rf /var/lib/apt/lists/*
USER ${NB_UID}
RUN pip install --no-cache-dir torch torchvision \
    --index-url https://download.pytorch.org/whl/cpu
COPY --chown=${NB_UID}:${NB_GID} dist/convnets-students.zip /tmp/
RUN unzip -q /tmp/convnets-students.zip -d "${HOME}" && rm /tmp/convnets-students.zip \
    && pip install --no-cache-dir -e "${HOME}/convnets"
# Data sets become part of the image; without a network the lessons use stand-ins.
RUN cd "${HOME}/convnets" && (python -m coursekit data || true)
